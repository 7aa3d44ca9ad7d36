// A stream of texts or documents in, annotated documents out in the same order, made by threads of its own that go on
// working while the consumer is busy with what it has.
#pragma once

#include <chrono>
#include <memory>
#include <optional>
#include <string>

#include "pipeline/state_pool.h"

namespace treelet {

// Pushed, waited for and taken from by one thread at a time; any thread may close it. Threads of its own are started as
// work comes in, and are joined by close() or the destructor. In a forked child, where they do not exist, only these
// two may be called.
class Stream {
 public:
  Stream(std::shared_ptr<SharedPipeline> pipeline, size_t n_threads, const Enabled& enabled);
  ~Stream() { close(); }
  Stream(const Stream&) = delete;

  void push(std::string text);
  void push(Doc doc);  // words are given; see Pipeline::annotate
  // Documents that were pushed and not taken.
  size_t size() const;
  // Those at the front of them that are done.
  size_t done() const;
  // Waits until documents can be taken (some of them at once: to be woken for each would cost more than it gains), or
  // for as long as `patience`. False in the latter case. size() must not be 0.
  bool wait(std::chrono::milliseconds patience);
  // The next document, if it is done. Throws what annotating it threw, or Error(text) once the stream is closed.
  std::optional<Doc> take();
  // Threads end with the document they are at; documents not taken are dropped.
  void close() noexcept;
  // Made by this process, not by one that this process was forked from.
  bool own() const;

 private:
  struct Job;
  struct Shared;
  void add(Job job);

  std::shared_ptr<Shared> shared_;
  size_t n_threads_;  // at most
  long process_;
};

}  // namespace treelet
