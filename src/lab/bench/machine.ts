/** On which machine something was timed, and how busy it was. */
import { cpus, loadavg } from "node:os";

/** A load average above 1 or so says that the machine was not quiet. */
export const machine = () => ({
  cpu: cpus()[0]?.model,
  cores: cpus().length,
  node: process.version,
  loadAverage: loadavg()[0],
});
