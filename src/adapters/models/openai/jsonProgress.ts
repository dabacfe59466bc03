/** Tells when a JSON object that comes in pieces is complete, reading each character once. */
export class JsonProgress {
  #depth = 0;
  #inString = false;
  #isEscaped = false;
  #hasBegun = false;

  get isWhole(): boolean {
    return this.#hasBegun && this.#depth <= 0;
  }

  read(piece: string): void {
    for (const character of piece) {
      if (this.#isEscaped) this.#isEscaped = false;
      else if (this.#inString) {
        if (character === '\\') this.#isEscaped = true;
        if (character === '"') this.#inString = false;
      } else if (character === '"') this.#inString = true;
      else if (character === '{' || character === '[') {
        this.#depth += 1;
        this.#hasBegun = true;
      } else if (character === '}' || character === ']') this.#depth -= 1;
    }
  }
}
