/*
 * run.h - the gateway from its start to its end
 */
#ifndef POSTERN_RUN_H
#define POSTERN_RUN_H

struct backend;
struct options;
struct protocol;

/* What the program is made of; main.c knows. */
struct parts {
    const struct protocol *const *doors; /* NULL-terminated */
    const struct backend *backend;
};

/* Whom to tell a person to log in as. */
struct guide {
    const char *greeting;
    const char *user;
    const char *password;
};

/* Runs the gateway until it is told to stop.  `guide` has it printed what to
 * type into a mail program; NULL leaves that out.  Returns the exit code. */
int run_gateway(const struct options *options, const struct parts *parts,
                const struct guide *guide);

/* Runs it on a demo Exchange in this process. */
int run_demo(struct options *options, const struct parts *parts);

/* Looks at what may be wrong between here and Exchange, and says so. */
int run_check(const struct options *options, const struct parts *parts);

#endif
