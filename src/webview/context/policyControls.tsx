import type { ComponentChildren, VNode } from 'preact';
import type { ContextChoice } from '../../protocol/context';
import type { ContextActions } from './contextActions';
import type { ContextModel } from './contextModel';
import { NumberField } from './numberField';

type Policy = ContextChoice['policies'][number];

/** The budget and the policies, to try: nothing is changed before "Use These Settings". */
export function PolicyControls(props: {
  readonly settings: ContextChoice;
  readonly tried: ContextChoice;
  readonly strategy: ContextModel['strategy'];
  readonly actions: ContextActions;
  readonly children: ComponentChildren;
}): VNode {
  const { tried, strategy, actions } = props;
  const change = (part: Partial<ContextChoice>): void => actions.tryChoice({ ...tried, ...part });
  const toggle = (policy: Policy): void => {
    const { policies } = tried;
    const rest = policies.filter((name) => name !== policy);
    change({ policies: rest.length < policies.length ? rest : withPolicy(policies, policy) });
  };
  const has = (policy: Policy): boolean => tried.policies.includes(policy);
  return (
    <fieldset class="controls">
      <legend>Which earlier turns it carries</legend>
      <div class="control">
        <label class="check">
          <input type="checkbox" checked disabled /> Token budget
        </label>
        <NumberField
          label="Budget"
          hidesLabel
          unit="tokens, the answer included"
          value={tried.maxTokens}
          min={256}
          max={10_000_000}
          step={1000}
          onChange={(maxTokens) => change({ maxTokens })}
        />
      </div>
      {strategy === 'none' ? (
        <p class="hint">The memory strategy is “none”: each prompt is sent alone.</p>
      ) : (
        <>
          <div class="control">
            <Check
              label="Sliding window"
              isOn={has('slidingWindow')}
              onToggle={() => toggle('slidingWindow')}
            />
            {has('slidingWindow') && (
              <>
                <NumberField
                  label="At most"
                  unit="turns (0: no limit)"
                  value={tried.windowTurns}
                  min={0}
                  max={100_000}
                  onChange={(windowTurns) => change({ windowTurns })}
                />
                <NumberField
                  label="and at most"
                  unit="messages (0: no limit)"
                  value={tried.windowMessages}
                  min={0}
                  max={100_000}
                  onChange={(windowMessages) => change({ windowMessages })}
                />
              </>
            )}
          </div>
          <div class="control">
            <Check
              label="Selective retention"
              isOn={has('selectiveRetention')}
              onToggle={() => toggle('selectiveRetention')}
            />
            {has('selectiveRetention') && (
              <NumberField
                label="Turns with tool calls, and the last"
                unit="turns"
                value={tried.recentTurns}
                min={1}
                max={100_000}
                onChange={(recentTurns) => change({ recentTurns })}
              />
            )}
          </div>
        </>
      )}
      {props.children}
    </fieldset>
  );
}

function Check(props: {
  readonly label: string;
  readonly isOn: boolean;
  readonly onToggle: () => void;
}): VNode {
  return (
    <label class="check">
      <input type="checkbox" checked={props.isOn} onChange={props.onToggle} /> {props.label}
    </label>
  );
}

/** The token budget comes last. */
function withPolicy(policies: readonly Policy[], policy: Policy): Policy[] {
  const rest = policies.filter((name) => name !== 'tokenBudget');
  return policies.includes('tokenBudget') ? [...rest, policy, 'tokenBudget'] : [...rest, policy];
}
