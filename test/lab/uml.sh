#!/bin/sh
# Process 1 of User Mode Linux: mounts the lab's file systems over a view of the host's files, runs one job, powers off.
# From the kernel command line: JOB (directory with the file `command`; receives `output` and `status`), REPOSITORY, LAB.
export PATH=/usr/sbin:/usr/bin:/sbin:/bin LC_ALL=C.UTF-8 TZ=UTC HOME=/root
mount -t proc proc /proc
mount -t tmpfs tmpfs /mnt
mkdir /mnt/files /mnt/work /mnt/root
# An overlay: writes are discarded, except in the host directories mounted below.
mount -t overlay -o lowerdir=/,upperdir=/mnt/files,workdir=/mnt/work overlay /mnt/root
cd /mnt/root || exit
mount -t proc proc proc
mount -t sysfs sys sys
mount -t devtmpfs dev dev
for place in tmp run; do mount -t tmpfs tmpfs $place; done
written=$(cd "$LAB" && ls -d captures* mutations 2> /dev/null)
mkdir -p run/netns run/job dev/shm lab/roots lab/pki lab/hosts repository $(printf 'lab/%s ' $written)
mount -t cgroup2 cgroup sys/fs/cgroup
mount -t hostfs -o "$JOB" job run/job
mount -t hostfs -o "$REPOSITORY" repository repository
for place in roots pki $written; do mount -t hostfs -o "$LAB/$place" $place lab/$place; done
mount -t tmpfs -o size=600m tmpfs lab/hosts
ip link set lo up
chroot . sh -c 'cd /run/job && sh ./command > output 2>&1 < /dev/null; echo $? > status'
echo o > /proc/sysrq-trigger
sleep 10
