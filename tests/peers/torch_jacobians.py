#!/usr/bin/python3
"""Every Jacobian of the program against PyTorch's automatic differentiation.

Values are drawn here and given with --set; `show --format json --form full` must equal
torch.autograd.functional.jacobian to 1e-12 of the Jacobian's scale (1e-10 for networks), in
the numbering that docs/ states. Skips, with a line, where PyTorch is absent.

Usage: torch_jacobians.py PROGRAM
"""
import itertools
import json
import subprocess
import sys
import tempfile

try:
    import numpy as np
    import torch
    import torch.nn.functional as F
except ImportError:
    print("torch_jacobians: skipped, PyTorch is not installed")
    sys.exit(0)

torch.set_default_dtype(torch.float64)
torch.manual_seed(3)
program = sys.argv[1]


def conv1d(z, W, b=None, length=None, stride=1):
    """z: batch x (length channels), channels fastest; W: K x IN x OUT."""
    K, IN, OUT = W.shape
    x = z.reshape(z.shape[0], -1, IN).transpose(1, 2)
    y = F.conv1d(x, W.permute(2, 1, 0), b, stride=stride)
    return y.transpose(1, 2).reshape(z.shape[0], -1)


def pool(z, channels, K, stride, kind):
    x = z.reshape(z.shape[0], -1, channels).transpose(1, 2)
    y = (F.max_pool1d if kind == "max" else F.avg_pool1d)(x, K, stride)
    return y.transpose(1, 2).reshape(z.shape[0], -1)


def norm(z, gamma, beta, dim, center=True):
    mean = z.mean(dim, keepdim=True) if center else 0.0
    var = ((z - mean) ** 2).mean(dim, keepdim=True)
    out = (z - mean) / torch.sqrt(var + 1e-5) * gamma
    return out if beta is None else out + beta


def costs(f):
    return lambda z, y: f(z, y).sum(1, keepdim=True)


def dist(*shape):
    return torch.softmax(torch.randn(*shape), -1)


def unit(*shape):
    return torch.rand(*shape) * 0.9 + 0.05


R = torch.randn


def cases(B):
    """spec, {variable: value}, function of the variables in order."""
    yield "linear:3x2", dict(z=R(B, 3), W=R(3, 2)), lambda z, W: z @ W
    yield "linear:4x3,bias", dict(z=R(B, 4), W=R(4, 3), b=R(3)), lambda z, W, b: z @ W + b
    for name, f in [("tanh", torch.tanh), ("sigmoid", torch.sigmoid), ("relu", torch.relu),
                    ("leaky-relu", lambda z: F.leaky_relu(z, 0.01)), ("elu", F.elu),
                    ("softplus", lambda z: F.softplus(z, threshold=1e9)), ("gelu", F.gelu),
                    ("silu", F.silu)]:
        yield f"{name}:5", dict(z=R(B, 5)), f
    yield "leaky-relu:4,slope=0.3", dict(z=R(B, 4)), lambda z: F.leaky_relu(z, 0.3)
    yield "elu:4,alpha=1.7", dict(z=R(B, 4)), lambda z: F.elu(z, 1.7)
    yield "softmax:4", dict(z=R(B, 4)), lambda z: torch.softmax(z, 1)
    yield "log-softmax:4", dict(z=R(B, 4)), lambda z: torch.log_softmax(z, 1)
    yield ("conv1d:2x3x2,length=5", dict(z=R(B, 15), W=R(2, 3, 2)), conv1d)
    yield ("conv1d:3x2x2,length=7,stride=2,bias", dict(z=R(B, 14), W=R(3, 2, 2), b=R(2)),
           lambda z, W, b: conv1d(z, W, b, stride=2))
    yield ("max-pool1d:2,channels=2,length=6", dict(z=R(B, 12)),
           lambda z: pool(z, 2, 2, 2, "max"))
    yield ("max-pool1d:3,channels=2,length=7,stride=2", dict(z=R(B, 14)),
           lambda z: pool(z, 2, 3, 2, "max"))
    yield ("avg-pool1d:3,channels=2,length=7,stride=1", dict(z=R(B, 14)),
           lambda z: pool(z, 2, 3, 1, "avg"))
    yield "layer-norm:5", dict(z=R(B, 5), gamma=R(5), beta=R(5)), lambda z, g, b: norm(z, g, b, 1)
    yield "rms-norm:5", dict(z=R(B, 5), gamma=R(5)), lambda z, g: norm(z, g, None, 1, False)
    if B > 1:
        yield ("batch-norm:3", dict(z=R(B, 3), gamma=R(3), beta=R(3)),
               lambda z, g, b: norm(z, g, b, 0))
    yield ("attention:3x2", dict(Q=R(B, 3), K=R(B, 3), V=R(B, 2)),
           lambda Q, K, V: torch.softmax(Q @ K.T / 3 ** 0.5, 1) @ V)
    yield "mse:4", dict(z=R(B, 4), y=R(B, 4)), costs(lambda z, y: (z - y) ** 2)
    yield "mae:4", dict(z=R(B, 4), y=R(B, 4)), costs(lambda z, y: (z - y).abs())
    yield ("huber:4", dict(z=3 * R(B, 4), y=R(B, 4)),
           costs(lambda z, y: F.huber_loss(z, y, reduction="none")))
    yield ("cross-entropy:4", dict(z=R(B, 4), y=dist(B, 4)),
           costs(lambda z, y: -y * torch.log_softmax(z, 1)))
    yield ("bce:4", dict(z=unit(B, 4), y=unit(B, 4)),
           costs(lambda z, y: -(y * torch.log(z) + (1 - y) * torch.log(1 - z))))
    yield ("bce-logits:4", dict(z=R(B, 4), y=unit(B, 4)),
           costs(lambda z, y: -(y * F.logsigmoid(z) + (1 - y) * F.logsigmoid(-z))))
    yield ("mse:3,reduction=mean", dict(z=R(B, 3), y=R(B, 3)),
           lambda z, y: ((z - y) ** 2).sum(1).mean().reshape(1, 1))
    yield ("cross-entropy:3,reduction=mean", dict(z=R(B, 3), y=dist(B, 3)),
           lambda z, y: (-y * torch.log_softmax(z, 1)).sum(1).mean().reshape(1, 1))
    yield ("mse:3,reduction=sum", dict(z=R(B, 3), y=R(B, 3)),
           lambda z, y: ((z - y) ** 2).sum().reshape(1, 1))
    yield ("linear:3x4,bias tanh linear:4x2 softmax",
           dict(z=R(B, 3), W1=R(3, 4), b=R(4), W2=R(4, 2)),
           lambda z, W1, b, W2: torch.softmax(torch.tanh(z @ W1 + b) @ W2, 1))
    yield ("linear:3x4,bias tanh linear:2,bias cross-entropy",
           dict(z=R(B, 3), W1=R(3, 4), b1=R(4), W2=R(4, 2), b2=R(2), y=dist(B, 2)),
           lambda z, W1, b1, W2, b2, y: (-y * torch.log_softmax(
               torch.tanh(z @ W1 + b1) @ W2 + b2, 1)).sum(1, keepdim=True))
    if B > 1:
        yield ("linear:3x4 batch-norm relu linear:2 mse,reduction=mean",
               dict(z=R(B, 3), W1=R(3, 4), gamma=R(4), beta=R(4), W2=R(4, 2), y=R(B, 2)),
               lambda z, W1, g, b, W2, y: ((torch.relu(norm(z @ W1, g, b, 0)) @ W2 - y) ** 2)
               .sum(1).mean().reshape(1, 1))
    yield ("conv1d:2x1x3,length=6 relu max-pool1d:2,channels=3 flatten linear:2",
           dict(z=R(B, 6), W1=R(2, 1, 3), W2=R(6, 2)),
           lambda z, W1, W2: pool(torch.relu(conv1d(z, W1)), 3, 2, 2, "max") @ W2)


def more_cases(B):
    """The modules that came later; options drawn at random."""
    T = round(float(torch.rand(1)) + 0.3, 3)
    for name, f in [("mish", F.mish), ("logsigmoid", F.logsigmoid), ("selu", F.selu),
                    ("celu", F.celu), ("hardtanh", F.hardtanh), ("hardswish", F.hardswish),
                    ("softsign", F.softsign)]:
        yield f"{name}:5", dict(z=3 * R(B, 5)), f
    # F.celu rounds 1/alpha to a float.
    yield (f"celu:4,alpha={T}", dict(z=R(B, 4)),
           lambda z: z.clamp(min=0) + (T * torch.expm1(z / T)).clamp(max=0))
    yield "prelu:4", dict(z=R(B, 4), a=R(4)), F.prelu
    yield "glu:6", dict(z=R(B, 6)), lambda z: F.glu(z, 1)
    yield ("swiglu:6", dict(z=R(B, 6)), lambda z: z[:, :3] * F.silu(z[:, 3:]))
    yield f"softmax:4,temperature={T}", dict(z=R(B, 4)), lambda z: torch.softmax(z / T, 1)
    yield "softmin:4", dict(z=R(B, 4)), lambda z: F.softmin(z, 1)
    yield f"softmin:3,temperature={T}", dict(z=R(B, 3)), lambda z: F.softmin(z / T, 1)
    yield (f"gumbel-softmax:4,temperature={T}", dict(z=R(B, 4), g=R(B, 4)),
           lambda z, g: torch.softmax((z + g) / T, 1))
    yield ("maxout:6,pieces=3", dict(z=R(B, 6)), lambda z: z.reshape(B, 2, 3).max(2)[0])
    yield "normalize:4", dict(z=R(B, 4)), lambda z: F.normalize(z, dim=1)
    yield ("cosine:4", dict(z=R(B, 4), y=R(B, 4)),
           lambda z, y: F.cosine_similarity(z, y)[:, None])
    yield ("distance:4", dict(z=R(B, 4), y=R(B, 4)),
           lambda z, y: F.pairwise_distance(z, y, eps=0.0, keepdim=True))
    yield ("bilinear:2x3x4", dict(z=R(B, 2), y=R(B, 3), W=R(2, 3, 4)),
           lambda z, y, W: F.bilinear(z, y, W.permute(2, 0, 1)))
    yield ("bilinear:3x2x2,bias", dict(z=R(B, 3), y=R(B, 2), W=R(3, 2, 2), b=R(2)),
           lambda z, y, W, b: F.bilinear(z, y, W.permute(2, 0, 1), b))
    rows = torch.randint(1, 5, (B, 1))
    yield ("embedding:4x3", dict(z=rows.double(), W=R(4, 3)),
           lambda z, W: F.embedding(rows[:, 0] - 1, W) + 0 * z)
    yield from loss_cases(B)
    yield from conv_cases(B)
    yield from recurrent_cases(B)
    yield from norm_cases(B)
    yield from token_cases(B)
    yield from rotation_cases(B)


def hat(v):
    """[v]x of each row."""
    o = torch.zeros_like(v[:, 0])
    x, y, z = v.T
    return torch.stack([o, -z, y, z, o, -x, -y, x, o], 1).reshape(-1, 3, 3)


def turn(M, z):
    return (M @ z[:, :, None])[:, :, 0]


def quaternion(q):
    w, v = q[:, :1, None], q[:, 1:]
    return ((w ** 2 - (v * v).sum(1)[:, None, None]) * torch.eye(3)
            + 2 * v[:, :, None] * v[:, None, :] + 2 * w * hat(v))


def rotation_cases(B):
    exp = lambda r: torch.linalg.matrix_exp(hat(r))
    z, r, t = R(B, 3), R(B, 3), R(B, 3)
    q = F.normalize(R(B, 4), dim=1)
    yield ("rotate", dict(z=R(B, 2), a=R(B, 1)), lambda z, a: torch.cat(
        [a.cos() * z[:, :1] - a.sin() * z[:, 1:], a.sin() * z[:, :1] + a.cos() * z[:, 1:]], 1))
    yield "rotate,by=axis", dict(z=z, r=r), lambda z, r: turn(exp(r), z)
    yield "rotate,by=axis", dict(z=z, r=r * 1e-3), lambda z, r: turn(exp(r), z)
    yield "rotate,by=quaternion", dict(z=z, q=q), lambda z, q: turn(quaternion(q), z)
    for p in (torch.zeros(B, 3), R(B, 3)):
        yield ("rotate,by=axis,perturbation=left", dict(z=z, r=r, p=p),
               lambda z, r, p: turn(exp(p) @ exp(r), z))
        yield ("rotate,by=quaternion,perturbation=right", dict(z=z, q=q, p=p),
               lambda z, q, p: turn(quaternion(q) @ exp(p), z))
    yield "pose", dict(z=z, r=r, t=t), lambda z, r, t: turn(exp(r), z) + t
    p = torch.zeros(B, 6)
    yield ("pose,perturbation=left", dict(z=z, r=r, t=t, p=p), lambda z, r, t, p:
           turn(exp(p[:, 3:]), turn(exp(r), z) + t) + p[:, :3])
    yield ("pose,by=quaternion,perturbation=right", dict(z=z, q=q, t=t, p=p),
           lambda z, q, t, p: turn(quaternion(q), turn(exp(p[:, 3:]), z) + p[:, :3]) + t)
    yield ("cross", dict(z=z, y=R(B, 3)), lambda z, y: torch.linalg.cross(z, y))
    yield "skew", dict(z=z), lambda z: hat(z).reshape(B, 9)


def places(z, channels):
    """Positions, channels fastest, as PyTorch's batch x channels x length."""
    return z.reshape(z.shape[0], -1, channels).transpose(1, 2)


def norm_cases(B):
    yield ("group-norm:6,groups=2", dict(z=R(B, 6), gamma=R(6), beta=R(6)),
           lambda z, g, b: F.group_norm(z, 2, g, b))
    yield ("group-norm:4,groups=2,length=3", dict(z=R(B, 12), gamma=R(4), beta=R(4)),
           lambda z, g, b: flat(F.group_norm(places(z, 4), 2, g, b)))
    yield ("instance-norm:3,length=4", dict(z=R(B, 12), gamma=R(3), beta=R(3)),
           lambda z, g, b: flat(F.instance_norm(places(z, 3), weight=g, bias=b)))
    mean, var = R(3), torch.rand(3) + 0.1
    yield ("batch-norm:3,mode=eval",
           dict(z=R(B, 3), gamma=R(3), beta=R(3), mu=mean, v=var),
           lambda z, g, b, m, v: (z - m) / torch.sqrt(v + 1e-5) * g + b)
    yield ("batch-norm:3,mode=eval,length=2", dict(z=R(B, 6), gamma=R(3), beta=R(3)),
           lambda z, g, b: flat(F.batch_norm(places(z, 3), mean, var, g, b)),
           dict(mu=mean, v=var))
    yield ("batch-norm:2,length=3", dict(z=R(B, 6), gamma=R(2), beta=R(2)),
           lambda z, g, b: flat(F.batch_norm(places(z, 2), None, None, g, b, True)))
    yield "dropout:4,p=0.3,mode=eval", dict(z=R(B, 4)), lambda z: F.dropout(z, 0.3, False)


def heads(Q, K, V, H, mask):
    """softmax(Q K' / sqrt(D/H) + mask) V in each head, by PyTorch's own attention."""
    split = [x.reshape(x.shape[0], H, -1).transpose(0, 1) for x in (Q, K, V)]
    scores = split[0] @ split[1].transpose(1, 2) / split[0].shape[2] ** 0.5
    A = torch.softmax(scores + torch.log(mask), 2)
    return (A @ split[2]).transpose(0, 1).reshape(Q.shape[0], -1)


def token_cases(B):
    ones = torch.ones(B, B)
    causal = torch.tril(ones)
    yield ("attention:3x2,mask=causal", dict(Q=R(B, 3), K=R(B, 3), V=R(B, 2)),
           lambda Q, K, V: heads(Q, K, V, 1, causal))
    for H, mask, name in ((1, ones, "none"), (2, ones, "none"), (2, causal, "causal")):
        yield (f"multi-head:4,heads={H},mask={name}",
               dict(Q=R(B, 4), K=R(B, 4), V=R(B, 4)),
               lambda Q, K, V, H=H, mask=mask: heads(Q, K, V, H, mask))
    seen = torch.ones(B, 1)
    seen[1:2] = 0.0
    for spec in ("attention:3x2,mask=padding", "multi-head:4,heads=2,mask=padding"):
        D, DV, H = (3, 2, 1) if "x" in spec else (4, 4, 2)
        yield (spec, dict(Q=R(B, D), K=R(B, D), V=R(B, DV)),
               lambda Q, K, V, H=H: heads(Q, K, V, H, seen.T.expand(B, B)), dict(mask=seen))
    weights = torch.rand(B, 1) + 0.3
    yield ("attention:3x2,mask=padding", dict(Q=R(B, 3), K=R(B, 3), V=R(B, 2), mask=weights),
           lambda Q, K, V, m: heads(Q, K, V, 1, m.T.expand(B, B)))
    angle = torch.arange(B)[:, None] / 10000.0 ** (torch.arange(0, 6, 2) / 6)
    sin, cos = torch.sin(angle), torch.cos(angle)
    yield ("positional:6", dict(z=R(B, 6)),
           lambda z: z + torch.stack([sin, cos], 2).reshape(B, 6))
    yield ("rotary:6", dict(z=R(B, 6)), lambda z: torch.stack(
        [z[:, ::2] * cos - z[:, 1::2] * sin, z[:, ::2] * sin + z[:, 1::2] * cos], 2)
        .reshape(B, 6))
    yield ("rotary:6,halves", dict(z=R(B, 6)), lambda z: torch.cat(
        [z[:, :3] * cos - z[:, 3:] * sin, z[:, :3] * sin + z[:, 3:] * cos], 1))


def recurrent_cases(B):
    for T in (1, 1, 2, 3):
        IN, H = draw(1, 2, 3), draw(1, 2, 3)
        steps = f",steps={T}" if T > 1 else ""
        z, h, c = R(B, T * IN), R(B, H), R(B, H)

        def rnn(z, h, W, U, b, IN=IN, T=T):
            for t in range(T):
                zero = torch.zeros_like(b)
                h = torch._VF.rnn_tanh_cell(z[:, t * IN:(t + 1) * IN], h, W.T, U.T, b, zero)
            return h
        yield f"rnn:{IN}x{H}{steps}", dict(z=z, h=h, W=R(IN, H), U=R(H, H), b=R(H)), rnn

        def lstm(z, h, c, W, U, b, IN=IN, T=T):
            for t in range(T):
                zero = torch.zeros_like(b)
                h, c = torch._VF.lstm_cell(z[:, t * IN:(t + 1) * IN], (h, c), W.T, U.T, b, zero)
            return torch.cat([h, c], 1)
        yield (f"lstm:{IN}x{H}{steps}",
               dict(z=z, h=h, c=c, W=R(IN, 4 * H), U=R(H, 4 * H), b=R(4 * H)), lstm)

        def gru(z, h, W, U, b, d, IN=IN, T=T):
            for t in range(T):
                h = torch._VF.gru_cell(z[:, t * IN:(t + 1) * IN], h, W.T, U.T, b, d)
            return h
        yield (f"gru:{IN}x{H}{steps}",
               dict(z=z, h=h, W=R(IN, 3 * H), U=R(H, 3 * H), b=R(3 * H), d=R(3 * H)), gru)


def image(z, channels, height):
    """Rows of positions, channels fastest, as PyTorch's batch x channels x height x width."""
    return z.reshape(z.shape[0], height, -1, channels).permute(0, 3, 1, 2)


def flat(y):
    """Back: channels last."""
    return y.movedim(1, -1).reshape(y.shape[0], -1)


def draw(*choices):
    return choices[int(torch.randint(0, len(choices), ()))]


def conv_cases(B):
    for _ in range(5):
        K, groups, stride, pad, dil = draw(1, 2, 3), draw(1, 2), draw(1, 2), draw(0, 1, 2), draw(1, 2)
        IN, OUT, L = groups * draw(1, 2), groups * draw(1, 2), draw(5, 6, 7)
        tail = f",stride={stride},padding={pad},dilation={dil},groups={groups}"
        bias = draw(True, False)
        b = dict(b=R(OUT)) if bias else {}
        tail += ",bias" if bias else ""

        def conv1(z, W, b=None, IN=IN, K=K, o=(stride, pad, dil, groups)):
            x = z.reshape(z.shape[0], -1, IN).transpose(1, 2)
            return flat(F.conv1d(x, W.permute(2, 1, 0).contiguous(), b, *o))
        yield (f"conv1d:{K}x{IN}x{OUT},length={L}{tail}",
               dict(z=R(B, L * IN), W=R(K, IN // groups, OUT), **b), conv1)

        def transposed(z, W, b=None, IN=IN, o=(stride, pad, 0, groups, dil)):
            x = z.reshape(z.shape[0], -1, IN).transpose(1, 2)
            return flat(F.conv_transpose1d(x, W.permute(1, 2, 0).contiguous(), b, *o))
        if (L - 1) * stride + dil * (K - 1) + 1 > 2 * pad:
            yield (f"conv-transpose1d:{K}x{IN}x{OUT},length={L}{tail}",
                   dict(z=R(B, L * IN), W=R(K, IN, OUT // groups), **b), transposed)

        def conv2(z, W, b=None, IN=IN, K=K, L=L, o=(stride, pad, dil, groups)):
            V = W.reshape(K, K, W.shape[1], W.shape[2]).permute(3, 2, 0, 1).contiguous()
            return flat(F.conv2d(image(z, IN, L), V, b, *o))
        yield (f"conv2d:{K}x{IN}x{OUT},height={L},width={L - 1}{tail}",
               dict(z=R(B, L * (L - 1) * IN), W=R(K * K, IN // groups, OUT), **b), conv2)
        for kind in ("max", "avg"):
            yield (f"{kind}-pool2d:{K},channels={IN},height={L},width={L - 1},stride={stride}",
                   dict(z=R(B, L * (L - 1) * IN)),
                   lambda z, kind=kind, IN=IN, K=K, L=L, s=stride: flat(
                       getattr(F, kind + "_pool2d")(image(z, IN, L), K, s)))
    yield ("conv2d:2x1x2,height=5,width=5 relu max-pool2d:2,channels=2 flatten linear:3",
           dict(z=R(B, 25), W1=R(4, 1, 2), W2=R(8, 3)),
           lambda z, W1, W2: flat(F.max_pool2d(torch.relu(F.conv2d(
               image(z, 1, 5), W1.reshape(2, 2, 1, 2).permute(3, 2, 0, 1).contiguous())), 2)) @ W2)


def loss_cases(B):
    margin = round(float(torch.rand(1)) + 0.2, 3)
    classes = torch.randint(0, 4, (B,))
    one_hot = F.one_hot(classes, 4).double()
    weights = torch.rand(4) + 0.2
    for reduction in ("none", "sum", "mean"):
        def reduced(f, reduction=reduction):
            """A cost a sample, or their sum or mean."""
            if reduction == "none":
                return lambda *x: f(*x).reshape(-1, 1)
            return lambda *x: getattr(f(*x), reduction)().reshape(1, 1)
        def weighted(f, reduced=reduced, reduction=reduction):
            """The same, the mean one of weights."""
            if reduction != "mean":
                return reduced(f)
            return lambda z, y, w: (f(z, y, w).sum() / (w * y).sum()).reshape(1, 1)
        tail = f",reduction={reduction}"
        yield (f"cross-entropy:4,smoothing=0.2{tail}", dict(z=R(B, 4), y=dist(B, 4)),
               reduced(lambda z, y: F.cross_entropy(z, y, label_smoothing=0.2,
                                                    reduction="none")))
        yield (f"cross-entropy:4,weighted,smoothing=0.3{tail}",
               dict(z=R(B, 4), y=dist(B, 4), w=weights),
               weighted(lambda z, y, w: -(w * (0.7 * y + 0.3 / 4)
                                          * torch.log_softmax(z, 1)).sum(1)))
        yield (f"nll:4{tail}", dict(z=R(B, 4), y=one_hot),
               reduced(lambda z, y: -(y * z).sum(1)))
        yield (f"nll:4,weighted{tail}", dict(z=R(B, 4), y=dist(B, 4), w=weights),
               weighted(lambda z, y, w: -(w * y * z).sum(1)))
        yield (f"cross-entropy:4,weighted{tail}", dict(z=R(B, 4)),
               lambda z, reduction=reduction: F.cross_entropy(
                   z, classes, weights, reduction=reduction).reshape(-1, 1),
               dict(y=classes + 1, w=weights))
        yield (f"kl:4{tail}", dict(z=R(B, 4), y=dist(B, 4)),
               reduced(lambda z, y: F.kl_div(z, y, reduction="none").sum(1)))
        yield (f"hinge:4,margin={margin},binary{tail}",
               dict(z=R(B, 4), y=R(B, 4).sign()),
               reduced(lambda z, y: (margin - y * z).clamp(min=0).sum(1)))
        yield (f"focal:4,gamma={margin + 1}{tail}", dict(z=R(B, 4), y=dist(B, 4)),
               reduced(lambda z, y: -(y * (1 - torch.softmax(z, 1)) ** (margin + 1)
                                      * torch.log_softmax(z, 1)).sum(1)))
        yield (f"poisson:4{tail}", dict(z=R(B, 4), y=R(B, 4).abs()),
               reduced(lambda z, y: F.poisson_nll_loss(z, y, reduction="none").sum(1)))
        yield (f"gaussian-nll:4{tail}", dict(z=R(B, 4), y=R(B, 4), v=R(B, 4).abs() + 0.1),
               reduced(lambda z, y, v: F.gaussian_nll_loss(z, y, v, reduction="none").sum(1)))
        yield (f"cosine-loss:4{tail}", dict(z=R(B, 4), y=R(B, 4)),
               reduced(lambda z, y: 1 - F.cosine_similarity(z, y)))
        yield (f"cosine-loss:4,apart,margin=-0.5{tail}", dict(z=R(B, 4), y=R(B, 4)),
               reduced(lambda z, y: (F.cosine_similarity(z, y) + 0.5).clamp(min=0)))
        yield (f"triplet:4,margin={margin}{tail}", dict(z=R(B, 4), y=R(B, 4), q=R(B, 4)),
               reduced(lambda z, y, q: (torch.linalg.norm(z - y, dim=1)
                                        - torch.linalg.norm(z - q, dim=1) + margin)
                       .clamp(min=0)))
        yield (f"contrastive:3,temperature={margin}{tail}", dict(z=R(B, 3), y=R(B, 3)),
               reduced(lambda z, y: F.cross_entropy(z @ y.T / margin, torch.arange(B),
                                                    reduction="none")))
    # Class numbers, as PyTorch takes them; only z is asked for.
    yield ("hinge:4", dict(z=R(B, 4)), lambda z: F.multi_margin_loss(
        z, classes, reduction="none")[:, None] * 4, dict(y=classes + 1))
    yield ("nll:4", dict(z=R(B, 4)), lambda z: F.nll_loss(
        z, classes, reduction="none")[:, None], dict(y=classes + 1))
    yield ("cross-entropy:4,weighted,smoothing=0.1", dict(z=R(B, 4)),
           lambda z: F.cross_entropy(z, classes, weights, label_smoothing=0.1,
                                     reduction="none")[:, None],
           dict(y=classes + 1, w=weights))


DATA = {"z", "y", "v", "a", "r", "p", "t", "m", "mask", "g", "q", "h", "c", "Q", "K", "V"}


def numbering(name, value):
    """Positions of the columns: data in C order, parameters in Fortran order."""
    order = "C" if name in DATA or value.ndim == 1 else "F"
    return np.arange(value.numel()).reshape(value.shape).flatten(order=order)


def ours(spec, values, wrt, batch, folder):
    command = [program, "show", *spec.split(), "--batch", str(batch), "--wrt", wrt, "--form",
               "full", "--format", "json"]
    for name, value in values.items():
        array = value.numpy()
        array = array.reshape(1, -1, order="F") if array.ndim == 3 else np.atleast_2d(array)
        np.save(f"{folder}/{name}.npy", array)
        command += ["--set", f"{name}=@{folder}/{name}.npy"]
    out = subprocess.run(command, capture_output=True, text=True)
    if out.returncode != 0:
        raise RuntimeError(" ".join(command[1:]) + ": " + out.stderr.strip())
    return np.array(json.loads(out.stdout)["values"])


def main():
    count = failed = 0
    worst = 0.0
    with tempfile.TemporaryDirectory() as folder:
        for batch in (1, 2, 3):
            for spec, values, f, *given in itertools.chain(cases(batch), more_cases(batch)):
                given = given[0] if given else {}
                tensors = list(values.values())
                jacobians = torch.autograd.functional.jacobian(f, tuple(tensors))
                for (name, value), J in zip(values.items(), jacobians):
                    reference = J.reshape(-1, value.numel()).numpy()[:, numbering(name, value)]
                    count += 1
                    try:
                        J = ours(spec, {**values, **given}, name, batch, folder)
                    except RuntimeError as error:
                        print("FAIL", error)
                        failed += 1
                        continue
                    scale = max(1.0, np.abs(reference).max())
                    limit = 1e-10 if " " in spec else 1e-12
                    if J.shape != reference.shape:
                        print(f"FAIL {spec} wrt {name}, batch {batch}: {J.shape}, "
                              f"PyTorch {reference.shape}")
                        failed += 1
                        continue
                    error = np.abs(J - reference).max() / scale
                    worst = max(worst, error)
                    if not error <= limit:
                        print(f"FAIL {spec} wrt {name}, batch {batch}: error {error:.3g}")
                        failed += 1
    print(f"Jacobians against PyTorch {torch.__version__}: largest error {worst:.2g}")
    print(f"{count - failed} passed, {failed} failed")
    return 1 if failed else 0


sys.exit(main())
