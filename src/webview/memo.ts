import { Component, createElement, type ComponentChildren, type FunctionComponent } from 'preact';

/** Draws again only when a property is another value. */
export function memo<P extends object>(Inner: FunctionComponent<P>): new (props: P) => Component<P> {
  return class Memo extends Component<P> {
    override shouldComponentUpdate(next: Readonly<P>): boolean {
      const before = Object.entries(this.props);
      const after = new Map<string, unknown>(Object.entries(next));
      return before.length !== after.size || before.some(([name, value]) => after.get(name) !== value);
    }

    override render(): ComponentChildren {
      return createElement(Inner, this.props as P);
    }
  };
}
