/*
 * vigil_work.h - one step of the watch over an account, on a helper's thread
 */
#ifndef POSTERN_EXCHANGE_VIGIL_WORK_H
#define POSTERN_EXCHANGE_VIGIL_WORK_H

#include "proxy/exchange/account_private.h"
#include "proxy/exchange/mail_private.h"
#include "proxy/exchange/vigil.h"

struct step {
    struct vigil *vigil;
    struct account *account;
    struct op op; /* its arena lasts as long as the step */
};

struct step step_begin(struct vigil *vigil);
void step_end(struct step *step);

/* Tells the log why a step has come to nothing. */
void step_note(const struct step *step, enum status status);

/* Whether it is named by a subscription to named folders: mail, and what else
 * somebody has read. */
bool step_subscribes_to(const struct index_folder *folder);

/* The folders that listeners want; where they want any, these are all folders
 * of mail that are known whole. */
struct index_folder *step_watched(struct step *step, bool *any_out,
                                  size_t *count_out);

#endif
