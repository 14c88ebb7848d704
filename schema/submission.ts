import { type refusalCodes, type Submission as Shape, submitEach } from '../domain/submit-each.ts';
import { builder } from './builder.ts';
import { Contract } from './contract.ts';

const codes: Record<(typeof refusalCodes)[number], { description: string }> = {
	BAD_USER_INPUT: { description: 'It is no address: the message says what to mend.' },
	RATE_LIMITED: { description: 'No more may be submitted now: `retryAfter` says when to go on.' },
	UNAUTHENTICATED: { description: 'An API key is needed.' },
};

const SubmissionRefusalCode = builder.enumType('SubmissionRefusalCode', { values: codes });

const SubmissionRefusal = builder
	.objectRef<NonNullable<Shape['refusal']>>('SubmissionRefusal')
	.implement({
		description: 'Why an address was not taken.',
		fields: (t) => ({
			code: t.expose('code', { type: SubmissionRefusalCode }),
			message: t.exposeString('message', {
				description: 'One sentence for a person, with what to do.',
			}),
			retryAfter: t.exposeInt('retryAfter', {
				nullable: true,
				description: 'Seconds after which it is worth trying again, where that is known.',
			}),
		}),
	});

const Submission = builder.objectRef<Shape>('Submission').implement({
	description: 'What became of one address of many.',
	fields: (t) => ({
		address: t.exposeString('address', { description: 'As it was sent.' }),
		contract: t.expose('contract', {
			type: Contract,
			nullable: true,
			description: 'As it stands now; null for one that nobody has submitted.',
		}),
		refusal: t.expose('refusal', {
			type: SubmissionRefusal,
			nullable: true,
			description: 'Null where it was taken, or was known already.',
		}),
	}),
});

builder.mutationField('submitEach', (t) =>
	t.field({
		type: [Submission],
		description:
			'As submitContracts, and says of each address what became of it: one that is mistyped leaves the others alone, and\nwhat may not be submitted now is refused beside what is known already. Answers in the order asked.',
		args: {
			addresses: t.arg.stringList({
				required: true,
				description: 'Up to 100, as people write them.',
			}),
			chainId: t.arg.int({ required: true, defaultValue: 1 }),
			refresh: t.arg.boolean({ required: true, defaultValue: false }),
		},
		resolve: (_, { addresses, chainId, refresh }, context) =>
			submitEach(
				context,
				addresses,
				{ chainId, kind: refresh ? 'refresh' : 'submit' },
				context.asker,
			),
	}),
);
