/*
 * neomutt.h - neomutt on a terminal, driven by Expect
 */
#ifndef POSTERN_TESTS_CLIENTS_NEOMUTT_H
#define POSTERN_TESTS_CLIENTS_NEOMUTT_H

struct harness;

/* Starts it with the settings of the file "muttrc" and these `options`, does
 * what the lines of Expect say, in which `see` waits for a text, and expects
 * that it ends.  What it has shown is to be freed. */
char *neomutt_drive(const struct harness *harness, const char *options,
                    const char *lines);

#endif
