// A pipeline as Python holds it, with the scratch that waits for its next call.
#pragma once

#include <nanobind/nanobind.h>

#include <string>
#include <vector>

#include "pipeline/batch.h"

struct PipelineObject {
  treelet::Pipeline pipeline;
  treelet::StatePool pool;
};

// Annotators by name; names of none are passed over.
inline treelet::Enabled enabled_of(const std::vector<std::string>& names) {
  treelet::Enabled enabled{false, false, false, false, false, false};
  const std::pair<const char*, bool*> known[] = {{"tagger", &enabled.tagger}, {"morphologizer", &enabled.morphologizer},
                                                 {"lemmatizer", &enabled.lemmatizer},
                                                 {"senter", &enabled.senter}, {"parser", &enabled.parser},
                                                 {"ner", &enabled.ner}};
  for (const auto& name : names)
    for (const auto& [annotator, flag] : known)
      if (name == annotator) *flag = true;
  return enabled;
}

// Adds annotate_given (bind_given.cpp).
void bind_given(nanobind::class_<PipelineObject>& pipeline);
