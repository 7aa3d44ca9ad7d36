// A start state and scores of actions -> the best history that a beam finds, of a parser or a recognizer.
//
// A history is worth the sum of the log-probabilities of its actions, each a softmax over the allowed ones;
// an action without alternative costs nothing. Histories are of unequal length, so they are compared when they
// have taken in the same number of words: those that are ahead wait (Stern, Fried and Klein 2017). Of two
// histories whose states have the same future the better one stays, which loses nothing (Huang and Sagae 2010);
// what is over at a sentence's end is therefore settled at once. Candidates less likely than the best by
// `kMostBehind` are dropped. Width 1 takes the actions that greedy annotation takes.
//
// A System gives State; is_final, level (words taken in) and settled (first word that can still change) of a
// state; mark_valid, which returns the number of allowed actions; choices, those that may be best; extract
// and apply. A system that teaches marks right actions besides, and is told of scored states.
#pragma once

#include <algorithm>
#include <cmath>
#include <cstdint>
#include <vector>

#include "annotators/state_scorer.h"
#include "transitions/parse_state.h"

namespace treelet {

constexpr double kMostBehind = 4.0;  // in log-probability, 1 to 55; 9 finds no more and is slower

constexpr int kMostBeamWidth = 1024;

// Throws Error(settings) for a width out of range.
inline int checked_beam_width(int width, const std::string& where) {
  if (width >= 1 && width <= kMostBeamWidth) return width;
  throw Error(ErrorKind::settings, where + ".beam_width: found " + std::to_string(width) + ", expected 1 to " +
                                       std::to_string(kMostBeamWidth));
}

struct BeamStep {
  int32_t before;  // index of the step before this one, kNone at the start
  int32_t action;
  int32_t scored;  // number of the scored state in which it was taken, kNone where nothing else was allowed
  float log_probability;
};

template <class System>
class BeamSearch {
 public:
  using State = typename System::State;
  struct Candidate {
    size_t slot = 0;
    int32_t last = kNone;  // its last step
    double score = 0.0;    // sum of log-probabilities
    bool right = true;     // every step was right (teaching)
  };

  static constexpr bool kTeaches = requires(const System& s, const State& state, uint8_t* marks) {
    s.mark_right(state, marks, marks);
  };

  // The state to reset before run() or step().
  State& start(const StateLayers& layers, int width) {
    width_ = size_t(width);
    scorer_.fit(layers);
    valid_.resize(size_t(layers.n_actions));
    right_.resize(size_t(layers.n_actions));
    if (slots_.size() < 2 * width_ + 2) slots_.resize(2 * width_ + 2);
    steps_.clear();
    n_scored_ = 0;
    settled_ = 0;
    fell_ = false;
    for (Slot& slot : slots_) slot.settled = kNone;
    restart(0);
    return slots_[0].state;
  }

  // Until every candidate is final. Throws Error(kind) when a score is not finite.
  void run(const System& system, const StateLayers& layers, const float* rows, ErrorKind kind) {
    while (!is_done(system)) step(system, layers, rows, kind);
  }

  bool is_done(const System& system) const {
    return std::all_of(candidates_.begin(), candidates_.end(),
                       [&](const Candidate& c) { return system.is_final(state(c)); });
  }

  // One action for each candidate that has taken in the fewest words.
  void step(const System& system, const StateLayers& layers, const float* rows, ErrorKind kind) {
    int32_t level = INT32_MAX;
    for (const Candidate& c : candidates_)
      if (!system.is_final(state(c))) level = std::min(level, system.level(state(c)));
    offers_.clear();
    for (size_t rank = 0; rank < candidates_.size(); ++rank) {
      const State& from = state(candidates_[rank]);
      if (system.is_final(from) || system.level(from) > level) wait(rank);
      else expand(system, rank, layers, rows, kind);
    }
    std::sort(offers_.begin(), offers_.end());
    keep(system);
    settle(system);
  }

  const std::vector<Candidate>& candidates() const { return candidates_; }  // best first
  const State& state(const Candidate& candidate) const { return slots_[candidate.slot].state; }
  const State& best() const { return state(candidates_.front()); }
  const std::vector<BeamStep>& steps() const { return steps_; }

  // Teaching: no candidate was right all along after the last step; the last one is the best that is, kept
  // besides.
  bool fell() const { return fell_; }
  // That candidate alone goes on, as if its walk began here.
  void restart_from(const Candidate& candidate) {
    const size_t slot = candidate.slot;
    for (const Candidate& c : candidates_) slots_[c.slot].settled = settled_;
    restart(slot);
  }

 private:
  struct Slot {
    State state;
    int32_t settled = kNone;  // words before it are as in every candidate; kNone: nothing is
  };
  struct Offer {
    double score;
    size_t rank;    // of the candidate that makes it
    float raw;      // score of the action
    int32_t action;  // kNone: the candidate waits
    int32_t scored;
    float log_probability;
    bool right;
    // Best first; ties go to the better candidate, the higher score, the lower action.
    bool operator<(const Offer& b) const {
      if (score != b.score) return score > b.score;
      if (rank != b.rank) return rank < b.rank;
      return raw != b.raw ? raw > b.raw : action < b.action;
    }
  };

  void restart(size_t slot) {
    candidates_.assign(1, Candidate{slot, kNone, 0.0, true});
    free_.clear();
    for (size_t i = slots_.size(); i-- > 0;)
      if (i != slot) free_.push_back(i);
  }

  void wait(size_t rank) {
    const Candidate& c = candidates_[rank];
    offers_.push_back({c.score, rank, 0.0f, kNone, kNone, 0.0f, c.right});
  }

  void expand(const System& system, size_t rank, const StateLayers& layers, const float* rows,
              ErrorKind kind) {
    const Candidate& c = candidates_[rank];
    const State& from = state(c);
    choices_.clear();
    if (system.mark_valid(from, valid_.data()) == 1) {
      const auto only = int32_t(std::find(valid_.begin(), valid_.end(), 1) - valid_.begin());
      offers_.push_back({c.score, rank, 0.0f, only, kNone, 0.0f, c.right});
      return;
    }
    system.extract(from, scorer_.words.data());
    scorer_.score(layers, rows, kind);
    const float* scores = scorer_.scores.data();
    system.choices(from, valid_.data(), scores, choices_);
    if constexpr (kTeaches) {
      system.mark_right(from, valid_.data(), right_.data());
      system.scored(scorer_.words, valid_);
      add_best_right(scores);
    }
    const float mass = log_mass(scores);
    for (const int32_t action : choices_) {
      const float log_probability = std::min(0.0f, scores[action] - mass);
      const bool right = !kTeaches || (c.right && right_[size_t(action)]);
      offers_.push_back(
          {c.score + log_probability, rank, scores[action], action, n_scored_, log_probability, right});
    }
    ++n_scored_;
  }

  void add_best_right(const float* scores) {
    int32_t best = kNone;
    for (size_t a = 0; a < right_.size(); ++a)
      if (right_[a] && (best == kNone || scores[a] > scores[best])) best = int32_t(a);
    if (std::find(choices_.begin(), choices_.end(), best) == choices_.end()) choices_.push_back(best);
  }

  // log of the sum of exp(score) over the allowed actions.
  float log_mass(const float* scores) const {
    constexpr float kNothing = -20.0f;  // exp of less changes no digit
    float top = -INFINITY, sum = 0.0f;
    for (size_t a = 0; a < valid_.size(); ++a)
      if (valid_[a]) top = std::max(top, scores[a]);
    for (size_t a = 0; a < valid_.size(); ++a)
      if (valid_[a] && scores[a] - top > kNothing) sum += std::exp(scores[a] - top);
    return top + std::log(sum);
  }

  void keep(const System& system) {
    size_t n_offers = 0;
    while (n_offers < offers_.size() && offers_[n_offers].score >= offers_[0].score - kMostBehind) ++n_offers;
    uses_.assign(candidates_.size(), 0);
    for (size_t i = 0; i < n_offers; ++i) ++uses_[offers_[i].rank];
    moved_.assign(candidates_.size(), 0);
    kept_.clear();
    for (size_t i = 0; i < n_offers && kept_.size() < width_; ++i) take(system, offers_[i], true);
    fell_ = false;
    if constexpr (kTeaches) {
      fell_ = std::none_of(kept_.begin(), kept_.end(), [](const Candidate& c) { return c.right; });
      const auto right = std::find_if(offers_.begin(), offers_.end(), [](const Offer& o) { return o.right; });
      if (fell_) take(system, *right, false);
    }
    for (size_t rank = 0; rank < candidates_.size(); ++rank)
      if (!moved_[rank]) release(candidates_[rank].slot);
    candidates_.swap(kept_);
  }

  // Adds what is offered to those kept, unless a better one has the same future.
  void take(const System& system, const Offer& offer, bool merge) {
    const Candidate& parent = candidates_[offer.rank];
    Candidate made{parent.slot, parent.last, offer.score, offer.right};
    if (offer.action == kNone || (--uses_[offer.rank] == 0 && !kTeaches)) {
      moved_[offer.rank] = 1;
    } else {
      made.slot = free_.back();
      free_.pop_back();
      copy(slots_[parent.slot], slots_[made.slot]);
    }
    State& to = slots_[made.slot].state;
    if (offer.action != kNone) system.apply(offer.action, to);
    for (const Candidate& better : kept_) {
      if (!merge || !state(better).same_future(to)) continue;
      release(made.slot);
      return;
    }
    if (offer.action != kNone) {
      made.last = int32_t(steps_.size());
      steps_.push_back({parent.last, offer.action, offer.scored, offer.log_probability});
    }
    kept_.push_back(made);
  }

  void copy(const Slot& from, Slot& to) const {
    if (to.settled == kNone) to.state = from.state;
    else to.state.copy_from(from.state, to.settled);
  }

  void release(size_t slot) {
    slots_[slot].settled = settled_;
    free_.push_back(slot);
  }

  // Words that are over, and the same in every candidate, are never copied again.
  void settle(const System& system) {
    int32_t over = INT32_MAX;
    for (const Candidate& c : candidates_) over = std::min(over, system.settled(state(c)));
    for (const Candidate& c : candidates_) over = best().first_difference(state(c), settled_, over);
    settled_ = std::max(settled_, over);
  }

  size_t width_ = 1;
  int32_t settled_ = 0, n_scored_ = 0;
  bool fell_ = false;
  std::vector<Slot> slots_;  // 2 · width + 2: before and after a step, and a fallen one
  std::vector<size_t> free_;
  std::vector<Candidate> candidates_, kept_;
  std::vector<Offer> offers_;
  std::vector<BeamStep> steps_;
  std::vector<int32_t> uses_, choices_;
  std::vector<uint8_t> valid_, right_, moved_;
  StateScorer scorer_;
};

}  // namespace treelet
