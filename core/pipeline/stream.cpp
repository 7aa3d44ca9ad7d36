#include "pipeline/stream.h"

#include <algorithm>
#include <condition_variable>
#include <deque>
#include <exception>
#include <mutex>
#include <system_error>
#include <thread>

#include "base/error.h"

#ifndef _WIN32
#include <unistd.h>
#endif

namespace treelet {

namespace {

long this_process() {
#ifdef _WIN32
  return 0;  // no process is a copy of another there
#else
  return long(getpid());
#endif
}

}  // namespace

struct Stream::Job {
  std::string text;
  Doc doc;
  bool has_words = false;  // in `doc`; else they are to be found in `text`
  bool done = false;
  std::exception_ptr failure = nullptr;
};

struct Stream::Shared {
  const std::shared_ptr<SharedPipeline> pipeline;
  const Enabled enabled;

  std::mutex lock;  // of all that follows, but for the jobs that threads are at
  std::condition_variable work_came, work_done;
  std::deque<std::unique_ptr<Job>> jobs;  // not taken yet, in order
  size_t next = 0;      // the first of them that nobody has begun
  size_t finished = 0;  // so many from the front are done
  size_t wanted = 0;    // the consumer sleeps until `finished` is that; 0: it does not
  size_t idle = 0;      // threads that wait for work
  bool closed = false;
  std::vector<std::thread> threads;

  Shared(std::shared_ptr<SharedPipeline> pipeline, const Enabled& enabled)
      : pipeline(std::move(pipeline)), enabled(enabled) {}

  void check_open() const {
    if (closed) throw Error(ErrorKind::text, "pipe: it has been closed; call pipe() again");
  }

  void annotate(Job& job, std::optional<StatePool::Lease>& lease) noexcept {
    try {
      if (!lease) lease.emplace(pipeline->pool);
      if (!job.has_words) pipeline->pipeline.tokenize(std::move(job.text), lease->state(), job.doc);
      pipeline->pipeline.annotate(job.doc, lease->state(), enabled);
      job.doc.fit();
    } catch (...) {
      job.failure = std::current_exception();
    }
  }

  // One document, begun and finished under `held`, which is let go of in between.
  void work_once(std::unique_lock<std::mutex>& held, std::optional<StatePool::Lease>& lease) {
    Job& job = *jobs[next++];
    held.unlock();
    annotate(job, lease);
    held.lock();
    job.done = true;
    while (finished < jobs.size() && jobs[finished]->done) ++finished;
    if (wanted && finished >= wanted) work_done.notify_one();
  }

  void work() {
    std::optional<StatePool::Lease> lease;
    std::unique_lock held(lock);
    while (true) {
      ++idle;
      work_came.wait(held, [&] { return closed || next < jobs.size(); });
      --idle;
      if (closed) return;
      work_once(held, lease);
    }
  }
};

Stream::Stream(std::shared_ptr<SharedPipeline> pipeline, size_t n_threads, const Enabled& enabled)
    : shared_(std::make_shared<Shared>(std::move(pipeline), enabled)), n_threads_(n_threads), process_(this_process()) {}

bool Stream::own() const { return process_ == this_process(); }

size_t Stream::size() const {
  const std::lock_guard guard(shared_->lock);
  return shared_->jobs.size();
}

size_t Stream::done() const {
  const std::lock_guard guard(shared_->lock);
  return shared_->finished;
}

void Stream::push(std::string text) { add({std::move(text), {}}); }

void Stream::push(Doc doc) { add({{}, std::move(doc), true}); }

void Stream::add(Job job) {
  auto added = std::make_unique<Job>(std::move(job));
  const std::lock_guard guard(shared_->lock);
  shared_->check_open();
  shared_->jobs.push_back(std::move(added));
  if (shared_->idle > 0) shared_->work_came.notify_one();
  if (shared_->jobs.size() - shared_->next <= shared_->idle || shared_->threads.size() >= n_threads_) return;
  try {
    shared_->threads.emplace_back([shared = shared_] { shared->work(); });
  } catch (const std::system_error&) {
    n_threads_ = shared_->threads.size();  // fewer than wished for do the same work
  }
}

bool Stream::wait(std::chrono::milliseconds patience) {
  std::unique_lock held(shared_->lock);
  shared_->check_open();
  if (shared_->threads.empty() && shared_->finished == 0) {
    std::optional<StatePool::Lease> lease;
    shared_->work_once(held, lease);
  }
  if (shared_->finished > 0) return true;
  shared_->wanted = std::max<size_t>(1, shared_->jobs.size() / 4);
  shared_->work_done.wait_for(held, patience,
                              [this] { return shared_->closed || shared_->finished >= shared_->wanted; });
  shared_->wanted = 0;
  shared_->check_open();
  return shared_->finished > 0;
}

std::optional<Doc> Stream::take() {
  std::unique_ptr<Job> job;
  {
    const std::lock_guard guard(shared_->lock);
    shared_->check_open();
    if (shared_->finished == 0) return std::nullopt;
    job = std::move(shared_->jobs.front());
    shared_->jobs.pop_front();
    --shared_->finished;
    --shared_->next;
  }
  if (job->failure) std::rethrow_exception(job->failure);
  return std::move(job->doc);
}

void Stream::close() noexcept {
  if (!own()) {
    // The threads are not there to be joined, and one of them may have held the lock when the process was forked: all
    // of it is left where it is.
    static_cast<void>(new std::shared_ptr<Shared>(std::move(shared_)));
    return;
  }
  std::vector<std::thread> threads;
  {
    const std::lock_guard guard(shared_->lock);
    shared_->closed = true;
    threads.swap(shared_->threads);
  }
  shared_->work_came.notify_all();
  shared_->work_done.notify_all();
  for (auto& thread : threads) thread.join();
}

}  // namespace treelet
