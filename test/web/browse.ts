/** A browser's cookie handling over `fetch`: one host, no expiry by time, redirects by hand. */
export class Browser {
  readonly #cookies = new Map<string, string>();

  get cookieHeader(): string {
    return [...this.#cookies].map(([name, value]) => `${name}=${value}`).join('; ');
  }

  /** Sends a request with the cookies so far and keeps what the answer sets. Cookies go to `origin` only. */
  async visit(origin: string, address: string, init: RequestInit = {}): Promise<Response> {
    const url = new URL(address, origin);
    const headers = new Headers(init.headers);
    if (url.origin === origin) headers.set('cookie', this.cookieHeader);
    const response = await fetch(url, { ...init, headers, redirect: 'manual' });
    if (url.origin === origin) this.#keep(response.headers.getSetCookie());
    return response;
  }

  #keep(lines: string[]): void {
    for (const line of lines) {
      const [pair = '', ...attributes] = line.split(';');
      const at = pair.indexOf('=');
      const name = pair.slice(0, at).trim();
      const value = pair.slice(at + 1).trim();
      const gone = attributes.some((attribute) => /max-age=0|expires=thu, 01 jan 1970/i.test(attribute));
      if (gone || value === '') this.#cookies.delete(name);
      else this.#cookies.set(name, value);
    }
  }
}
