/** The beginning of a body as text, at most `maxBytes`; the rest is not waited for. */
export async function readLimited(response: Response, maxBytes: number): Promise<string> {
  const body = response.body?.getReader();
  const decoder = new TextDecoder();
  let text = '';
  let left = maxBytes;
  while (body && left > 0) {
    const { value } = await body.read();
    if (!value) return text + decoder.decode();
    text += decoder.decode(value.subarray(0, left), { stream: true });
    left -= value.length;
  }
  body?.cancel().catch(() => undefined);
  return text;
}
