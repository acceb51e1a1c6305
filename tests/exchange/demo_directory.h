/*
 * demo_directory.h - who is in the demo's directory
 */
#ifndef POSTERN_TESTS_EXCHANGE_DEMO_DIRECTORY_H
#define POSTERN_TESTS_EXCHANGE_DEMO_DIRECTORY_H

struct exchange;

/* Its users have their mailboxes already. */
void demo_add_directory(struct exchange *exchange);

#endif
