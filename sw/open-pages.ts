/** The part of `self.clients` that is used here. */
type ClientList = Pick<Clients, "get" | "matchAll">;

/** The pages of this worker's scope, as opposed to those of other apps on the origin. */
export class OpenPages {
  readonly #list: ClientList;
  readonly #scope: string;

  constructor(list: ClientList, scope: string) {
    this.#list = list;
    this.#scope = scope;
  }

  /** Whether a client lies within the worker's scope. */
  isOurs({ url }: Pick<Client, "url">): boolean {
    return url.startsWith(this.#scope);
  }

  /** Whether a client is a top-level page within the scope, and no web worker or iframe. */
  isPage(client: Client): client is WindowClient {
    return isWindow(client) && client.frameType !== "nested" && this.isOurs(client);
  }

  async find(clientId: string): Promise<Client | null> {
    return (clientId && (await this.#list.get(clientId))) || null;
  }

  /**
   * Open pages: visible ones first, and among equals the given client. A page that is not controlled yet can answer all the
   * same. When another site embeds the app, there are iframes only, and these are listed.
   */
  async all(first = ""): Promise<readonly WindowClient[]> {
    const ours = await this.#windows();
    const rank = (page: WindowClient): number => (isVisible(page) ? 0 : 2) + (page.id === first ? 0 : 1);
    const pages = ours.filter((client) => this.isPage(client));
    return [...(pages.length > 0 ? pages : ours)].sort((a, b) => rank(a) - rank(b));
  }

  /** Iframes beside the pages of `all`. A frame may attach tokens itself, for an account of its own. */
  async frames(): Promise<readonly WindowClient[]> {
    const ours = await this.#windows();
    const frames = ours.filter((client) => !this.isPage(client));
    return frames.length < ours.length ? frames : [];
  }

  async #windows(): Promise<readonly WindowClient[]> {
    const windows = await this.#list.matchAll({ type: "window", includeUncontrolled: true });
    return windows.filter((client) => this.isOurs(client));
  }
}

export const isVisible = ({ visibilityState }: WindowClient): boolean => visibilityState === "visible";

export const isWindow = (client: Client): client is WindowClient => client.type === "window";
