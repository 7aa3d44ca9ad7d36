// What Python holds as a tokenizer: the constant tokenizer, shareable with a pipeline, and scratch for its
// own calls.
#pragma once

#include <memory>
#include <mutex>
#include <string>

#include "text/tokenizer.h"

struct TokenizerObject {
  std::shared_ptr<const treelet::Tokenizer> tokenizer;
  std::string rules_json;
  treelet::Tokenizer::State state;
  std::mutex state_lock;  // taken without the GIL
};
