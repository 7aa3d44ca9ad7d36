#include "transitions/parse_state.h"

namespace treelet {

void ParseState::reset(int32_t n, const SentStart* presets) {
  n_words = n;
  next = limit = sentence = preset_limit = 0;
  waiting = kNone;
  const auto size = size_t(n);
  stack.clear();
  put_back.clear();
  on_stack.assign(size, 0);
  in_put_back.assign(size, 0);
  must_attach.assign(size, 0);
  for (auto* column : {&head, &label, &left1, &right1, &sibling}) column->assign(size, kNone);
  start.assign(size, -1);
  if (presets) preset.assign(presets, presets + n);
  else preset.assign(size, 0);
  begin_next_sentence();
}

void ParseState::push_buffer_front() {
  const int32_t word = buffer_word(0);
  if (put_back.empty()) {
    ++next;
  } else {
    put_back.pop_back();
    in_put_back[size_t(word)] = 0;
  }
  must_attach[size_t(word)] = 0;
  stack.push_back(word);
  on_stack[size_t(word)] = 1;
}

void ParseState::pop() {
  on_stack[size_t(stack.back())] = 0;
  stack.pop_back();
}

void ParseState::return_to_buffer() {
  const int32_t word = stack.back();
  pop();
  put_back.push_back(word);
  in_put_back[size_t(word)] = 1;
  must_attach[size_t(word)] = 1;
}

void ParseState::attach(int32_t head_word, int32_t dependent, int32_t arc_label) {
  const auto d = size_t(dependent), h = size_t(head_word);
  // An earlier head lies directly below on the stack, and this is its latest, outermost right child.
  if (head[d] >= 0) right1[size_t(head[d])] = sibling[d];
  int32_t& outermost = dependent < head_word ? left1[h] : right1[h];
  sibling[d] = outermost;
  outermost = dependent;
  head[d] = head_word;
  label[d] = arc_label;
}

void ParseState::end_sentence_after(int32_t word) { limit = word + 1; }

void ParseState::begin_next_sentence() {
  if (next >= n_words) return;
  start[size_t(next)] = 1;
  sentence = next;
  if (preset_limit <= next) {
    preset_limit = next + 1;
    while (preset_limit < n_words && preset[size_t(preset_limit)] != 1) ++preset_limit;
  }
  limit = preset_limit;
}

}  // namespace treelet
