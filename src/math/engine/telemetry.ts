/**
 * ONNX Runtime 1.30 for Linux and macOS carries telemetry that is on by itself: once loaded it writes a device id, an
 * event database and a log, and looks up its collector's address. It reads this variable once, while it is loaded.
 */
import koffi from "koffi";

const SWITCH = "ORT_DISABLE_TELEMETRY";

/**
 * Sets the switch where the runtime reads it; to be called before its library is loaded. In a worker thread
 * `process.env` is a copy that no library sees, so the C function is called. Windows has no such variable: there
 * DisableTelemetryEvents is all there is.
 */
export function switchTelemetryOff(): void {
  if (process.platform === "win32") return;
  const c = koffi.load(null);
  const getenv = c.func("getenv", "str", ["str"]);
  if (getenv(SWITCH) === "1") return; // as `deepid` does at its start: setenv is not safe beside other threads
  const setenv = c.func("setenv", "int", ["str", "str", "int"]);
  if (setenv(SWITCH, "1", 1) !== 0) throw new Error(`${SWITCH} cannot be set: no memory`);
}
