// Everything the kernels share. flashlloyd.cu is the one translation unit.
#pragma once
#include "problems.cuh"
