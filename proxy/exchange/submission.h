/*
 * submission.h - a message made ready for Exchange to send
 *
 * SMTP has an envelope that says to whom a message goes, and a header that says
 * what people read.  Exchange has the header only: it delivers to everyone whom
 * To, Cc and Bcc name, and nobody can be named without getting a copy.  Hence
 *
 *  - recipients of the envelope whom neither To nor Cc names become Bcc;
 *  - whom the header names and the envelope does not gets the message, too:
 *    other servers would deliver to the envelope alone;
 *  - where the header names people and none of them is in the envelope (a
 *    message bounced to someone else, a list's own delivery), sending would
 *    reach the wrong people: STATUS_CANNOT.
 *
 * In the header, these fields are left out: Bcc, Return-Path, Sender (Exchange
 * says itself who sends for whom, by the mailbox that submits and by From),
 * Resent-*, and a To or Cc of empty groups alone ("undisclosed-recipients:;").
 * Message-ID and Date are added where they are missing.  Everything else, and
 * each octet of the body, stays as it is: signatures hold, and text/calendar
 * arrives as a meeting.
 */
#ifndef POSTERN_EXCHANGE_SUBMISSION_H
#define POSTERN_EXCHANGE_SUBMISSION_H

#include "proxy/base/op.h"
#include "proxy/exchange/backend.h"
#include "proxy/exchange/mail.h"

/*
 * Makes `submission` ready; what comes out lives as long as op's arena and the
 * submission's content.  `own_address` ("" if unknown) gives a new Message-ID
 * its domain.  The token is left to the caller.  STATUS_NO_RECIPIENT,
 * STATUS_CANNOT, or STATUS_BAD_CONTENT for a header longer than
 * MIME_HEADER_MAX.
 */
enum status submission_prepare(struct op *op,
                               const struct mail_submission *submission,
                               const char *own_address,
                               struct remote_submission *prepared_out,
                               const char **message_id_out);

#endif
