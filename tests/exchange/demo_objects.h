/*
 * demo_objects.h - the demo's calendar, tasks and contacts
 */
#ifndef POSTERN_TESTS_EXCHANGE_DEMO_OBJECTS_H
#define POSTERN_TESTS_EXCHANGE_DEMO_OBJECTS_H

struct exchange;

void demo_add_objects(struct exchange *exchange);

#endif
