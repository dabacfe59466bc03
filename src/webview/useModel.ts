import { useEffect, useState } from 'preact/hooks';

interface Store<Model> {
  readonly model: Model;
  /** @returns unsubscribe */
  subscribe(listener: (model: Model) => void): () => void;
}

/** What the store holds, drawn again with each change of it. */
export function useModel<Model>(store: Store<Model>): Model {
  const [model, setModel] = useState(store.model);
  useEffect(() => {
    setModel(store.model);
    return store.subscribe(setModel);
  }, [store]);
  return model;
}
