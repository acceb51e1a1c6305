/*
 * notify.h - events in answers
 */
#ifndef POSTERN_TESTS_EXCHANGE_NOTIFY_H
#define POSTERN_TESTS_EXCHANGE_NOTIFY_H

#include "tests/exchange/call.h"
#include "tests/exchange/events.h"

/* Writes one with its watermark, which streams leave out (NULL). */
void put_event(struct call *call, const struct sim_event *event,
               const char *watermark);

#endif
