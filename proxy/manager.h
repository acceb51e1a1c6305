/*
 * manager.h - the service manager that has started us
 */
#ifndef POSTERN_MANAGER_H
#define POSTERN_MANAGER_H

/* Tells systemd how we are, as sd_notify(3) does: "READY=1".  Nothing happens
 * where somebody else has started us. */
void manager_tell(const char *state);

#endif
