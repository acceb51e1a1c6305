/*
 * op.c - one operation on its way
 */
#include "proxy/base/op.h"

#include <stdarg.h>

#include "proxy/base/arena.h"
#include "proxy/base/time.h"

void op_init(struct op *op, struct arena *arena, const char *session)
{
    *op = (struct op){ .arena = arena, .session = session };
}

bool op_cancelled(const struct op *op)
{
    return (op->cancelled != NULL &&
            atomic_load_explicit(op->cancelled, memory_order_relaxed)) ||
           op_is_late(op);
}

bool op_is_late(const struct op *op)
{
    return op->deadline != 0 && time_monotonic_ms() >= op->deadline;
}

enum status op_fail(struct op *op, enum status status, const char *format, ...)
{
    va_list args;

    va_start(args, format);
    op->reason = arena_vprintf(op->arena, format, args);
    va_end(args);
    op->failed = status;
    return status;
}
