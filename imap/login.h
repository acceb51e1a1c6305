/*
 * login.h - what LOGIN and AUTHENTICATE have in common
 */
#ifndef POSTERN_IMAP_LOGIN_H
#define POSTERN_IMAP_LOGIN_H

#include <stdbool.h>

#include "imap/command.h"

struct secret;

/* What the settings let users log in with. */
bool imap_takes_tokens(const struct imap_session *session);
bool imap_takes_passwords(const struct imap_session *session);

/* NO, as anybody may listen here. */
struct imap_answer imap_needs_privacy(struct imap_command *command);

/* Opens the account for the session; the secret is freed. */
enum status imap_open_account(struct imap_command *command, const char *user,
                              struct secret *secret);

/* OK with the capabilities, or NO. */
struct imap_answer imap_answer_login(struct imap_command *command,
                                     enum status status);

#endif
