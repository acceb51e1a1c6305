/*
 * program.h - runs a program and keeps what it says
 */
#ifndef POSTERN_TESTS_CLIENTS_PROGRAM_H
#define POSTERN_TESTS_CLIENTS_PROGRAM_H

#include <stddef.h>

struct harness;

struct program {
    const char *name;  /* looked for in PATH; the test fails without it */
    const char *input; /* NULL: none */
    double seconds;    /* how long it may take; 0: 300 */

    int status;   /* its exit code; -1 if it was killed or took too long */
    char *output; /* both streams, NUL-terminated */
    size_t output_len;
};

/* Runs it with the harness's directory as HOME and as its own; `args` do not
 * hold its name and end with NULL. */
void program_run(struct program *program, const struct harness *harness,
                 const char *const args[]);
void program_fini(struct program *program);

/* The same, expecting success; what it said is shown otherwise.  The output is
 * to be freed. */
char *program_succeed(const struct harness *harness, const char *const args[],
                      const char *input);

#endif
