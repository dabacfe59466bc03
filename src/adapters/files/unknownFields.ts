const most = 100;

/** Paths of the fields of `given` that parsing left out of `kept`; the first hundred. */
export function unknownFieldsOf(given: unknown, kept: unknown, path = ''): readonly string[] {
  const found: string[] = [];
  collect(given, kept, path, found);
  return found;
}

function collect(given: unknown, kept: unknown, path: string, found: string[]): void {
  if (typeof given !== 'object' || given === null || typeof kept !== 'object' || kept === null) return;
  const known = kept as Readonly<Record<string, unknown>>;
  for (const [key, value] of Object.entries(given)) {
    if (found.length >= most) return;
    const at = path === '' ? key : `${path}.${key}`;
    if (Object.hasOwn(known, key)) collect(value, known[key], at, found);
    else found.push(at);
  }
}
