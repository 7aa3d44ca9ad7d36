// What Python holds as a pipeline, and the names of annotators as it gives them.
#pragma once

#include <nanobind/nanobind.h>

#include <memory>
#include <string>
#include <vector>

#include "pipeline/state_pool.h"

struct PipelineObject {
  std::shared_ptr<treelet::SharedPipeline> shared;
};

// Adds SegmentWalk (bind_segment_walk.cpp).
void bind_segment_walk(nanobind::module_& m);

// Those named; other names say nothing.
treelet::Enabled enabled_of(const std::vector<std::string>& names);
