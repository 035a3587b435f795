/* A message to the fetcher's thread. It is embedded in what it is about, so posting can't fail. */
#ifndef GITHUB_MAIL_H
#define GITHUB_MAIL_H

#include <stdatomic.h>

struct github_mail {
    struct github_mail *next;
    void (*run)(struct github_mail *self); /* on the fetcher's thread */
    atomic_bool is_posted;                 /* from the post until just before run */
};

#endif
