// "fp32", "int8", or "auto", whichever is faster on this processor, to a Precision.
#pragma once

#include <string>

#include "base/error.h"
#include "network/layers.h"

inline treelet::Precision precision_of(const std::string& name) {
  using treelet::Precision;
  if (name == "fp32") return Precision::fp32;
  if (name == "int8") return Precision::int8;
  if (name == "auto") return treelet::kernels().fast_bytes ? Precision::int8 : Precision::fp32;
  throw treelet::Error(treelet::ErrorKind::settings, "precision: found '" + name + "', expected auto, fp32 or int8");
}
