/*
 * args.h - reads the arguments of MAIL and RCPT (RFC 5321, 4.1.2)
 */
#ifndef POSTERN_SMTP_ARGS_H
#define POSTERN_SMTP_ARGS_H

#include <stdbool.h>
#include <stddef.h>

struct arena;

struct smtp_args {
    const char *at; /* what is left, NUL-terminated */
    struct arena *arena;
};

/* Takes a word with its colon, such as "FROM:", and the blanks after it, which
 * RFC 5321 does not allow and many programs send. */
bool smtp_args_word(struct smtp_args *args, const char *word);

struct smtp_path {
    const char *address; /* "local part"@domain as sent; "" for <> */
    bool is_utf8; /* needs SMTPUTF8 (RFC 6531) */
};

/* Takes an address in angle brackets.  A source route is skipped. */
bool smtp_args_path(struct smtp_args *args, struct smtp_path *path_out);

/* One parameter that a command knows.  `read` looks at its value, NULL if there
 * is none, and says whether it is one. */
struct smtp_parameter {
    const char *name;
    bool (*read)(struct arena *arena, void *request, const char *value);
};

enum smtp_parameters {
    SMTP_PARAMETERS_GOOD,
    SMTP_PARAMETERS_UNKNOWN, /* one of them is none of ours */
    SMTP_PARAMETERS_BAD      /* one has no good value, or is there twice */
};

/* Takes all that is left; `table` ends with a NULL name. */
enum smtp_parameters smtp_args_parameters(struct smtp_args *args,
                                          const struct smtp_parameter *table,
                                          void *request);

/* Whether `text` is xtext (RFC 3461, 4) of at most `max` octets decoded. */
bool smtp_args_is_xtext(const char *text, size_t max);

#endif
