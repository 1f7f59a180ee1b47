/** How a service stops: who has sent a whole request is answered, everybody else is let go of at once. */
import type { IncomingMessage, ServerResponse } from "node:http";
import type { Socket } from "node:net";
import type { FastifyInstance } from "fastify";

/**
 * Has `app`, when it closes, end connections without a whole request at once, and all others after `deadlineMs`.
 * `secure`: it speaks TLS.
 */
export function drainOnClose(
  app: FastifyInstance,
  { deadlineMs, secure }: { readonly deadlineMs: number; readonly secure: boolean },
): void {
  const connections = new Set<Socket>();
  /** Of those that speak HTTP, the request that each waits to be answered for. */
  const requests = new Map<Socket, IncomingMessage | undefined>();
  let closing = false;
  app.server.on("connection", (socket: Socket) => {
    connections.add(socket);
    socket.once("close", () => connections.delete(socket));
  });
  app.server.on(secure ? "secureConnection" : "connection", (socket: Socket) => {
    requests.set(socket, undefined);
    socket.once("close", () => requests.delete(socket));
  });
  app.server.on("request", (request: IncomingMessage, response: ServerResponse) => {
    const { socket } = request;
    requests.set(socket, request);
    response.once("close", () => {
      if (requests.get(socket) !== request) return;
      requests.set(socket, undefined);
      if (closing) socket.end();
    });
  });
  app.addHook("preClose", async () => {
    closing = true;
    for (const [socket, request] of requests) if (!request?.complete) socket.destroy();
    const timer = setTimeout(() => {
      for (const socket of connections) socket.destroy();
    }, deadlineMs);
    app.server.once("close", () => clearTimeout(timer));
  });
}
