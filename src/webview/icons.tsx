import type { ComponentChildren, VNode } from 'preact';

/** Drawn on a 16 pixel grid in the weight of VS Code's own icons; decoration only, so the button says the name. */
function Icon({ children }: { readonly children: ComponentChildren }): VNode {
  return (
    <svg class="icon" viewBox="0 0 16 16" width="16" height="16" aria-hidden="true" focusable="false">
      <g fill="none" stroke="currentColor" stroke-width="1.1" stroke-linecap="round" stroke-linejoin="round">
        {children}
      </g>
    </svg>
  );
}

const drawn = (children: ComponentChildren) => (): VNode => <Icon>{children}</Icon>;

export const SendIcon = drawn(<path d="M8 13V3.2M3.8 7.2 8 3l4.2 4.2" />);
export const StopIcon = drawn(<rect x="4" y="4" width="8" height="8" rx="1" fill="currentColor" />);
export const CopyIcon = drawn(
  <>
    <rect x="5.5" y="5.5" width="8" height="8" rx="1.2" />
    <path d="M10.5 5.5V3.7a1.2 1.2 0 0 0-1.2-1.2H3.7a1.2 1.2 0 0 0-1.2 1.2v5.6a1.2 1.2 0 0 0 1.2 1.2h1.8" />
  </>,
);
export const CheckIcon = drawn(<path d="m3.2 8.6 3 3 6.6-7.2" />);
export const ChevronIcon = drawn(<path d="m6 3.8 4.2 4.2L6 12.2" />);
export const DownIcon = drawn(<path d="M8 3v9.8M3.8 8.8 8 13l4.2-4.2" />);
export const CloseIcon = drawn(<path d="m4 4 8 8m0-8-8 8" />);
export const RetryIcon = drawn(<path d="M13 8a5 5 0 1 1-1.6-3.7L13 5.8M13 2.6v3.2H9.8" />);
export const EditIcon = drawn(
  <path d="m3 13 .7-2.9 7.5-7.5a1.2 1.2 0 0 1 1.7 0l.5.5a1.2 1.2 0 0 1 0 1.7l-7.5 7.5zM9.9 3.9l2.2 2.2" />,
);
export const DeleteIcon = drawn(
  <path d="M2.8 4.3h10.4M6.2 4.3V2.9h3.6v1.4M4.2 4.3l.6 8.9h6.4l.6-8.9M6.8 6.8v4M9.2 6.8v4" />,
);
export const MuteIcon = drawn(
  <path d="M4.6 11.2V7a3.4 3.4 0 0 1 6.8 0v4.2l1 1H3.6zM6.8 13.6h2.4M2.6 2.6l10.8 10.8" />,
);
export const PinIcon = drawn(<path d="M5.4 2.6h5.2M6.3 2.6v4.2L4.2 9.6h7.6L9.7 6.8V2.6M8 9.6v4" />);
export const PinnedIcon = drawn(
  <path d="M5.4 2.6h5.2M6.3 2.6v4.2L4.2 9.6h7.6L9.7 6.8V2.6zM8 9.6v4" fill="currentColor" />,
);
export const ContextIcon = drawn(
  <>
    <path d="M1.8 8C3.2 5.3 5.4 3.9 8 3.9S12.8 5.3 14.2 8C12.8 10.7 10.6 12.1 8 12.1S3.2 10.7 1.8 8z" />
    <circle cx="8" cy="8" r="1.9" />
  </>,
);
export const ErrorIcon = drawn(
  <>
    <circle cx="8" cy="8" r="5.8" />
    <path d="m6 6 4 4m0-4-4 4" />
  </>,
);
export const WarningIcon = drawn(
  <>
    <path d="M8 2.4 14 13.2H2z" />
    <path d="M8 6.4v3.2M8 11.4v.1" />
  </>,
);
export const InfoIcon = drawn(
  <>
    <circle cx="8" cy="8" r="5.8" />
    <path d="M8 7.4v3.4M8 5.2v.1" />
  </>,
);
export const StoppedIcon = drawn(
  <>
    <circle cx="8" cy="8" r="5.8" />
    <path d="M3.9 3.9 12.1 12.1" />
  </>,
);
export const RecallIcon = drawn(
  <>
    <path d="M3.2 6.2A5.2 5.2 0 1 1 2.8 9" />
    <path d="M2.6 3.4v3h3M8 5.4V8l1.8 1.2" />
  </>,
);
export const QueuedIcon = drawn(
  <>
    <circle cx="8" cy="8" r="5.8" />
    <path d="M8 4.8V8l2.2 1.6" />
  </>,
);
export const KeyIcon = (): VNode => (
  <Icon>
    <circle cx="5" cy="11" r="2.8" />
    <path d="M7 9 13 3M10.5 5.5l2 2" />
  </Icon>
);
export const SearchIcon = drawn(
  <>
    <circle cx="7" cy="7" r="4.4" />
    <path d="m10.3 10.3 3.4 3.4" />
  </>,
);
export const FilterIcon = drawn(<path d="M2.4 3.2h11.2L9.4 8.3v4.9l-2.8-1.4V8.3z" />);
export const PersonIcon = drawn(
  <>
    <circle cx="8" cy="5.2" r="2.6" />
    <path d="M2.9 13.4c.5-2.7 2.5-4.2 5.1-4.2s4.6 1.5 5.1 4.2" />
  </>,
);
export const ToolIcon = drawn(<path d="M5.6 4.2 2.2 8l3.4 3.8M10.4 4.2 13.8 8l-3.4 3.8" />);
export const BusyIcon = (): VNode => (
  <span class="spinning">
    <Icon>
      <path d="M8 2.2A5.8 5.8 0 1 1 2.2 8" />
    </Icon>
  </span>
);

/** The product's mark. */
export function Mark(): VNode {
  return (
    <svg class="mark" viewBox="0 0 24 24" width="40" height="40" aria-hidden="true" focusable="false">
      <g fill="none" stroke="currentColor" stroke-width="1.2" stroke-linecap="round" stroke-linejoin="round">
        <path d="M4 5.5h16v10.5H10.5L6.5 19.5V16H4z" />
        <path d="M7 10.75c1.7-2.6 3.3-2.6 5 0s3.3 2.6 5 0" />
      </g>
    </svg>
  );
}
