/*
 * tasks.h - what follows from what in a task
 */
#ifndef POSTERN_TESTS_EXCHANGE_TASKS_H
#define POSTERN_TESTS_EXCHANGE_TASKS_H

#include "tests/exchange/model.h"

/* After a change: a recurring task that is done goes on. */
void task_settle(struct sim_item *item);

/* Goes on with the next day; false if there is none. */
bool task_skip(struct sim_item *item);

#endif
