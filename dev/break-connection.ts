import type { Socket } from "node:net";
import { TLSSocket } from "node:tls";

/** Ends a connection as a server that crashes does: by a reset. A TLS connection, which Node.js cannot reset, is closed. */
export function breakConnection(socket: Socket): void {
  if (socket instanceof TLSSocket) socket.destroy();
  else socket.resetAndDestroy();
}
