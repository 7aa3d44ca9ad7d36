// Upper case of a code point, as the inverse of its simple lower case.
#pragma once

namespace treelet {

// The first code point whose lower case is `c`; `c` itself when there is none.
char32_t to_upper(char32_t c);

}  // namespace treelet
