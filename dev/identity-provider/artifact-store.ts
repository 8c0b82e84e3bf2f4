import type { Adapter, AdapterPayload } from "oidc-provider";

/** One provider's sessions, grants, codes and tokens. They are kept in memory only. */
export interface ArtifactStore {
  /** The adapter of oidc-provider for one model. */
  readonly adapterFor: (model: string) => Adapter;
  /** Removes every artifact of a model, or those of one account. */
  remove(model: string, accountId?: string): void;
  clear(): void;
}

export function createArtifactStore(): ArtifactStore {
  const models = new Map<string, Map<string, AdapterPayload>>();

  function artifactsOf(model: string): Map<string, AdapterPayload> {
    const artifacts = models.get(model) ?? new Map<string, AdapterPayload>();
    models.set(model, artifacts);
    return artifacts;
  }

  return {
    adapterFor: (model) => memoryAdapter(model, () => artifactsOf(model)),
    remove(model, accountId) {
      removeWhere(
        artifactsOf(model),
        (payload) => accountId === undefined || payload.accountId === accountId,
      );
    },
    clear: () => models.clear(),
  };
}

/** Keeps expired artifacts: the provider checks `exp` itself, and answers "expired" only for an artifact that it finds. */
function memoryAdapter(model: string, artifacts: () => Map<string, AdapterPayload>): Adapter {
  const findBy = (name: "uid" | "userCode", value: string) =>
    [...artifacts().values()].find((payload) => payload[name] === value);

  return {
    upsert: async (id, payload) => void artifacts().set(id, payload),
    find: async (id) => artifacts().get(id),
    findByUid: async (uid) => findBy("uid", uid),
    findByUserCode: async (userCode) => findBy("userCode", userCode),
    destroy: async (id) => void artifacts().delete(id),
    revokeByGrantId: async (grantId) => removeWhere(artifacts(), (payload) => payload.grantId === grantId),
    async consume(id) {
      // Entra issues a new refresh token on every use and still accepts the old one: two tabs may share it.
      if (model === "RefreshToken") return;
      const payload = artifacts().get(id);
      if (payload) payload.consumed = Math.floor(Date.now() / 1000);
    },
  };
}

function removeWhere(
  artifacts: Map<string, AdapterPayload>,
  matches: (payload: AdapterPayload) => boolean,
): void {
  for (const [id, payload] of artifacts) if (matches(payload)) artifacts.delete(id);
}
