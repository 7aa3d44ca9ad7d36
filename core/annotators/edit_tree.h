// Edit trees: how a form becomes its lemma, as a label that applies to other forms (Chrupała 2008, ch. 6; Müller et al. 2015).
//
// A label is a letter for case, then a tree over code points:
//   l  the lower-cased form goes through the tree          t, u  the same, then title case or upper case
//   k  the form as it is goes through the tree
//   -                        nothing becomes nothing
//   <source/target>          exactly `source` becomes `target`; \ escapes \ / >
//   [p,s left right]         (without the blank) the first p and last s characters go through the trees, the rest stays
// `running` → `run` is l[0,4-<ning/>]; `The` → `the` and `the` → `the` are both l[0,0--].
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace treelet {

// One form at a time, as trees read it; keeps its memory from form to form.
class TreeForm {
 public:
  // `text` must outlive the trees' applications.
  void read(std::string_view text);

 private:
  friend class EditTree;
  void decode();

  std::string_view text_;
  std::string lower_;                  // of a form of ASCII characters alone
  std::u32string characters_, lowered_;  // made where they are needed
  bool is_ascii_ = true, is_decoded_ = false;
};

class EditTree {
 public:
  // Throws Error(package) when `label` is not one that make() could have written.
  explicit EditTree(std::string_view label);

  // Label that turns `form` into `lemma`, chosen to apply to as many other forms as possible.
  static std::string make(std::string_view form, std::string_view lemma);

  // Puts the lemma of `form` into `lemma`; false when the tree does not fit the form.
  bool apply(TreeForm& form, std::string& lemma) const;

 private:
  struct Node {
    int prefix = -1, suffix = 0;  // code points; prefix −1: a replacement
    int left = 0, right = 0;      // nodes
    std::u32string source, target;
    std::string ascii_source, ascii_target;  // the same of a tree of ASCII characters alone

    std::u32string_view from(char32_t) const { return source; }
    std::u32string_view to(char32_t) const { return target; }
    std::string_view from(char) const { return ascii_source; }
    std::string_view to(char) const { return ascii_target; }
  };
  int parse(std::u32string_view label, size_t& at, int depth);
  std::u32string parse_text(std::u32string_view label, size_t& at, char32_t end) const;
  bool apply_ascii(const TreeForm& form, std::string& lemma) const;
  template <class Char>
  bool rewrite(int node, std::basic_string_view<Char> text, std::basic_string<Char>& out) const;

  char case_ = 'l';
  bool is_ascii_ = true;
  std::vector<Node> nodes_;
};

std::u32string decode_text(std::string_view text);
std::u32string lower_text(std::u32string_view text);

}  // namespace treelet
