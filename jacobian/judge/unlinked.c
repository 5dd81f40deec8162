/* Losses that nobody defines: what they may be told to depend on. */
#include "jacobian/judge/judge_internal.h"

#include "jacobian/elaborate/elaborate_internal.h"
