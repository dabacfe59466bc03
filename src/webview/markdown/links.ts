const openable = /^(?:https?:\/\/|mailto:)/i;

/** Whether the host may be asked to open it. Anything else a model links to is shown as text. */
export const isOpenable = (href: string): boolean => openable.test(href) && href.length <= 4000;
