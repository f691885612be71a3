#!/bin/sh
# Process 1 of the virtual machine: mounts the lab's file systems, runs one job, and powers off.
# 9p shares: "lab" is LAB_ROOT, "repository" this project, "job" a directory with `command`, which receives `status`.
export PATH=/usr/sbin:/usr/bin:/sbin:/bin LC_ALL=C.UTF-8 TZ=UTC HOME=/root
mount -t proc proc /proc
mount -t sysfs sys /sys
mount -t devtmpfs dev /dev
mount -t tmpfs tmpfs /tmp
mount -t tmpfs tmpfs /run
mkdir -p /run/netns /run/lab /dev/shm /dev/net
mount --make-rprivate /
mount -t cgroup2 cgroup /sys/fs/cgroup
modprobe -a 9pnet_virtio 9p overlay veth tun nf_tables nft_ct nft_chain_nat nft_masq nft_reject_inet nft_limit nft_numgen \
  xfrm_user xfrm_algo esp4 ah4 ipcomp esp6 ah6 xfrm4_tunnel xfrm_interface af_key authenc echainiv cbc gcm ccm ctr seqiv \
  sha1_generic sha256_generic sha512_generic hmac aesni_intel sch_netem sch_tbf
ip link set lo up
share() { mkdir -p "$2"; mount -t 9p -o trans=virtio,version=9p2000.L,msize=262144 "$1" "$2"; }
share job /run/job
share repository /repository
share lab /run/lab/share
mkdir -p /lab/roots /lab/pki /lab/hosts
for place in $(cd /run/lab/share && ls -d captures* mutations 2> /dev/null); do mkdir -p "/lab/$place"; mount --bind "/run/lab/share/$place" "/lab/$place"; done
mount --bind /run/lab/share/pki /lab/pki
mount -o ro,noload /dev/vdb /lab/roots
mount -t tmpfs -o size=600m tmpfs /lab/hosts
cd /run/job && sh ./command > output 2>&1 < /dev/null
echo $? > /run/job/status
sync
echo o > /proc/sysrq-trigger
sleep 10
