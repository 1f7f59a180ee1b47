// src/base/safetensors: the format of safetensors: its header, checked before a byte of data is believed, and tensors in memory.
export {
  type Dtype,
  formatHeader,
  ITEM_BYTES,
  MAX_HEADER_BYTES,
  parseHeader,
  type TensorPlace,
} from "./header.ts";
export {
  ARRAYS,
  dataStartOf,
  LENGTH_BYTES,
  parseSafetensors,
  requireTensor,
  type SafeTensor,
  type Safetensors,
  type TensorArrays,
} from "./tensors.ts";
