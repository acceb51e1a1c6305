/*
 * validation.h - requests held against the official schema
 *
 * It lies beside the project, in ../shared or where POSTERN_SHARED says;
 * without it nothing is checked.
 */
#ifndef POSTERN_TESTS_EWS_VALIDATION_H
#define POSTERN_TESTS_EWS_VALIDATION_H

struct validation;

/* NULL where there is no schema. */
struct validation *validation_new(void);
void validation_free(struct validation **validation);

/* Expects the body of a request to fit; `what` is said of one that does not. */
void validation_check(struct validation *validation, const char *body,
                      const char *what);

#endif
