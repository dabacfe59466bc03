import type { VNode } from 'preact';
import { useEffect, useId, useState } from 'preact/hooks';
import { formatCount } from '../format';

/**
 * A whole number. While what is typed is none, or out of its range, it says so and nothing changes; left like that, the
 * field shows again the number that is in effect.
 */
export function NumberField(props: {
  readonly label: string;
  /** Where what stands beside it says as much. */
  readonly hidesLabel?: boolean;
  readonly unit: string;
  readonly value: number;
  readonly min: number;
  readonly max: number;
  readonly step?: number;
  readonly onChange: (value: number) => void;
}): VNode {
  const { label, unit, value, min, max, step = 1 } = props;
  const [typed, setTyped] = useState(String(value));
  const id = useId();
  useEffect(() => {
    setTyped((text) => (Number(text) === value ? text : String(value)));
  }, [value]);
  const isFit = (text: string): boolean => /^\d+$/.test(text) && Number(text) >= min && Number(text) <= max;
  const isWrong = !isFit(typed);
  return (
    <span class="number-field">
      <label for={id} class={props.hidesLabel ? 'visually-hidden' : undefined}>
        {label}
      </label>
      <input
        id={id}
        type="number"
        value={typed}
        min={min}
        max={max}
        step={step}
        aria-invalid={isWrong}
        aria-describedby={`${id}-unit`}
        onInput={(event) => {
          const text = event.currentTarget.value;
          setTyped(text);
          if (isFit(text) && Number(text) !== value) props.onChange(Number(text));
        }}
        onBlur={() => {
          if (isWrong) setTyped(String(value));
        }}
      />
      <span id={`${id}-unit`} class={isWrong ? 'number-wrong' : 'number-unit'}>
        {isWrong ? `A whole number from ${formatCount(min)} to ${formatCount(max)}` : unit}
      </span>
    </span>
  );
}
