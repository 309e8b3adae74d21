/* SPDX-License-Identifier: MIT OR GPL-2.0 */
#define HASH_TYPE BPF_MAP_TYPE_PERCPU_HASH
#include "hash_elements.h"
