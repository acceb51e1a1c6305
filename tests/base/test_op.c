/*
 * test_op.c - when an operation is to give up
 */
#include "proxy/base/op.h"

#include <criterion/criterion.h>

#include "proxy/base/time.h"

Test(op, goes_on_where_nobody_stops_it)
{
    struct op op;

    op_init(&op, NULL, "test");
    cr_expect(!op_cancelled(&op));
    cr_expect(!op_is_late(&op));
}

Test(op, gives_up_when_it_is_cancelled)
{
    atomic_bool cancelled = false;
    struct op op;

    op_init(&op, NULL, "test");
    op.cancelled = &cancelled;
    cr_expect(!op_cancelled(&op));
    atomic_store(&cancelled, true);
    cr_expect(op_cancelled(&op));
    cr_expect(!op_is_late(&op));
}

Test(op, gives_up_at_its_deadline)
{
    struct op op;

    op_init(&op, NULL, "test");
    op.deadline = time_monotonic_ms() + 60000;
    cr_expect(!op_cancelled(&op));
    op.deadline = time_monotonic_ms();
    cr_expect(op_cancelled(&op));
    cr_expect(op_is_late(&op));
}
