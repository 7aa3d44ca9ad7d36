// Filled in with the kernels.
