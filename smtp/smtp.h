/*
 * smtp.h - the front end for programs that send mail (RFC 6409, RFC 5321)
 */
#ifndef POSTERN_SMTP_SMTP_H
#define POSTERN_SMTP_SMTP_H

#include "proxy/protocol.h"

extern const struct protocol smtp_protocol;

#endif
