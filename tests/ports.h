/*
 * ports.h - ports for programs that cannot be asked which they have taken
 *
 * What is here listens at port 0 where it can, and tells.  A program of others
 * is told a port, and two tests that run at the same time must not choose the
 * same one.
 */
#ifndef POSTERN_TESTS_PORTS_H
#define POSTERN_TESTS_PORTS_H

#include <stdbool.h>
#include <stdint.h>

/* A port of 127.0.0.1 that nobody has, for this process alone until it ends,
 * below those that the system gives to clients. */
uint16_t ports_take(void);

/* Whether somebody takes connections there. */
bool ports_is_open(uint16_t port);

#endif
