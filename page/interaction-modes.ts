import { BearerWorkerError } from "../protocol/errors.ts";
import { signInDialog } from "./dialog.ts";
import type { InteractionFunction } from "./interaction-request.ts";
import type { InteractionMode, Settings } from "./options.ts";

/** What the `interaction` option stands for: the site's own function, or one of ours. */
export function interactionFunction(
  interaction: InteractionMode,
  dialog: Settings["dialog"],
): InteractionFunction {
  if (typeof interaction === "function") return interaction;
  const modes: Record<typeof interaction, InteractionFunction> = {
    get prompt() {
      return signInDialog(dialog);
    },
    popup: ({ popup }) => popup(),
    redirect: ({ redirect }) => redirect(),
    none() {
      throw new BearerWorkerError("interaction_disabled", "The user has to sign in again");
    },
  };
  return modes[interaction];
}
